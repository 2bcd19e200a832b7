package template

// Table is a DynamoDB table. StreamView is "" without a stream, TTLAttribute
// "" when nothing expires.
type Table struct {
	LogicalID string
	Name      Value
	Keys      Keys
	// Attributes are those that keys are made of, in the order of the template;
	// DynamoDB does not declare any other.
	Attributes   []Attribute
	Indexes      []Index
	StreamView   string
	TTLAttribute string
	Line         int
}

// Keys are the partition key and, unless "", the sort key.
type Keys struct{ Hash, Range string }

// Attribute is a key attribute with its type: S, N or B.
type Attribute struct{ Name, Type string }

// Index is a global secondary index. Projection is ALL, KEYS_ONLY or INCLUDE,
// and Included names the attributes of the last.
type Index struct {
	Name       string
	Keys       Keys
	Projection string
	Included   []string
}

// Tables gives the tables. Name is the zero Value when the template leaves the
// name to CloudFormation.
func (t *Template) Tables() ([]Table, error) {
	return collect(t, typeTable, t.table)
}

// table reads one table. What only AWS can do is passed over: encryption,
// point-in-time recovery and deletion protection have no local counterpart.
func (t *Template) table(r Resource) (Table, error) {
	p := r.Properties
	table := Table{LogicalID: r.LogicalID, Name: p.Get("TableName"), Line: r.Line}
	var err error
	if table.Attributes, err = t.attributes(p); err != nil {
		return table, err
	}
	if table.Keys, err = t.keys(p, table.Attributes); err != nil {
		return table, err
	}
	if table.Indexes, err = t.indexes(p, table.Attributes); err != nil {
		return table, err
	}
	if table.StreamView, err = t.textOr(p.Get("StreamSpecification"), "StreamViewType", ""); err != nil {
		return table, err
	}
	// A specification that is switched off keeps its attribute in the template.
	expiry := p.Get("TimeToLiveSpecification")
	if enabled := expiry.Get("Enabled"); enabled.Plain == true || enabled.Plain == "true" {
		table.TTLAttribute, err = t.text(expiry.Get("AttributeName"), "AttributeName")
	}
	return table, err
}

// attributes reads AttributeDefinitions.
func (t *Template) attributes(p Value) ([]Attribute, error) {
	list, err := items(p, "AttributeDefinitions")
	if err != nil {
		return nil, err
	}
	var attributes []Attribute
	for _, v := range list {
		name, err := t.text(v.Get("AttributeName"), "AttributeName")
		if err != nil {
			return nil, orLine(err, v.Line)
		}
		kind, err := t.text(v.Get("AttributeType"), "AttributeType")
		if err != nil {
			return nil, orLine(err, v.Line)
		}
		if kind != "S" && kind != "N" && kind != "B" {
			return nil, faultf(v.Line, "AttributeType of %s must be S, N or B", name)
		}
		attributes = append(attributes, Attribute{Name: name, Type: kind})
	}
	return attributes, nil
}

// keys reads a KeySchema, of a table or of an index. A key that is not defined
// is refused here, because the emulator's own message would name no line.
func (t *Template) keys(p Value, defined []Attribute) (Keys, error) {
	list, err := items(p, "KeySchema")
	if err != nil {
		return Keys{}, err
	}
	keys := Keys{}
	for _, v := range list {
		name, err := t.text(v.Get("AttributeName"), "AttributeName")
		if err != nil {
			return keys, orLine(err, v.Line)
		}
		if !isDefined(name, defined) {
			return keys, faultf(v.Line, "the key %s is not among AttributeDefinitions", name)
		}
		switch v.Get("KeyType").Plain {
		case "HASH":
			keys.Hash = name
		case "RANGE":
			keys.Range = name
		default:
			return keys, faultf(v.Line, "KeyType of %s must be HASH or RANGE", name)
		}
	}
	if keys.Hash == "" {
		return keys, faultf(p.Line, "KeySchema has no HASH key")
	}
	return keys, nil
}

// isDefined says whether an attribute is among the defined ones. There are a
// handful, so that looking through the list is as good as a map.
func isDefined(name string, defined []Attribute) bool {
	for _, a := range defined {
		if a.Name == name {
			return true
		}
	}
	return false
}

// indexes reads GlobalSecondaryIndexes. Local indexes are not used: they bound a
// partition to 10 GB and cannot be added to a table later.
func (t *Template) indexes(p Value, defined []Attribute) ([]Index, error) {
	list, err := items(p, "GlobalSecondaryIndexes")
	if err != nil {
		return nil, err
	}
	var indexes []Index
	for _, v := range list {
		index, err := t.index(v, defined)
		if err != nil {
			return nil, orLine(err, v.Line)
		}
		indexes = append(indexes, index)
	}
	return indexes, nil
}

// index reads one index. Its projection has no default, neither here nor in
// CloudFormation: what is copied into an index is copied out of a sealed row.
func (t *Template) index(v Value, defined []Attribute) (Index, error) {
	index := Index{}
	var err error
	if index.Name, err = t.text(v.Get("IndexName"), "IndexName"); err != nil {
		return index, err
	}
	if index.Keys, err = t.keys(v, defined); err != nil {
		return index, err
	}
	projection := v.Get("Projection")
	if index.Projection, err = t.text(projection.Get("ProjectionType"), "ProjectionType"); err != nil {
		return index, err
	}
	included, err := items(projection, "NonKeyAttributes")
	for _, name := range included {
		text, err := t.text(name, "NonKeyAttributes")
		if err != nil {
			return index, err
		}
		index.Included = append(index.Included, text)
	}
	return index, err
}
