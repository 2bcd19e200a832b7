// Package contract holds the tests that tie the adapters to the endpoints they
// speak to: the store in DynamoDB must keep every promise that the store in
// memory keeps, so that what is proved over one holds over the other.
//
// The endpoints are dynoxide, or the one in DYNAMODB_ENDPOINT, and the object
// store of the local stack, which refuses what S3 refuses of a browser's upload.
// The package stores nothing beyond a test's temporary folder, and other packages
// do not use it.
package contract
