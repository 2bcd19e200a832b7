package idcopy

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

func TestOtherKindsAreRefusedByTheirName(t *testing.T) {
	brands := func(list string) string { return "\x00\x00\x00" + string(rune(len(list)+8)) + "ftyp" + list }
	for name, refusal := range map[string]struct {
		file string
		want Refusal
	}{
		"pdf":                        {"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", PDF},
		"pdf behind a kilobyte less": {strings.Repeat("\x00", sniffed-5) + "%PDF-1.7", PDF},
		"photo of an iphone":         {brands("heic\x00\x00\x00\x00mif1heic"), HEIC},
		"heic by second brand":       {brands("miaf\x00\x00\x00\x00miafheix"), HEIC},
		"avif":                       {brands("avif\x00\x00\x00\x00mif1miaf"), AVIF},
		"film":                       {brands("isom\x00\x00\x02\x00isomavc1"), Unknown},
		"film with a brand behind":   {brands("isom\x00\x00\x02\x00") + "heicheic", Unknown},
		"box of no length":           {"\x00\x00\x00\x00ftypheic", Unknown},
		"half a brand":               {"\x00\x00\x00\x18ftyphe", Unknown},
		"gif":                        {"GIF89a\x01\x00\x01\x00", GIF},
		"old gif":                    {"GIF87a\x01\x00\x01\x00", GIF},
		"webp":                       {"RIFF\x24\x00\x00\x00WEBPVP8 ", WebP},
		"sound":                      {"RIFF\x24\x00\x00\x00WAVEfmt ", Unknown},
		"tiff":                       {"II*\x00\x08\x00\x00\x00", TIFF},
		"tiff of the other order":    {"MM\x00*\x00\x00\x00\x08", TIFF},
		"zip or office document":     {"PK\x03\x04\x14\x00", Zip},
		"empty zip":                  {"PK\x05\x06\x00\x00", Zip},
		"svg":                        {`<svg xmlns="http://www.w3.org/2000/svg"/>`, SVG},
		"svg with a prologue":        {"\ufeff<?xml version=\"1.0\"?>\n<!-- \u00e9 -->\n<SVG>", SVG},
		"page":                       {"<!doctype html><script>", Text},
		"text named photo.jpg":       {"Beste mensen, hierbij mijn paspoort.", Text},
		"text cut in a character":    {strings.Repeat("a", sniffed-1) + "\u00e9", Text},
		"program":                    {"MZ\x90\x00\x03\x00", Unknown},
		"latin text":                 {"caf\xe9 caf\xe9 caf\xe9", Unknown},
		"zeros":                      {strings.Repeat("\x00", 5000), Unknown},
		"one byte":                   {"\xff", Unknown},
		"nothing":                    {"", Empty},
	} {
		t.Run(name, func(t *testing.T) { refused(t, []byte(refusal.file), refusal.want) })
	}
}

func TestWhatAFileSaysFirstCountsAndIsHeldToIt(t *testing.T) {
	jpegFile, pngFile := cardJPEG(), cardPNG()
	for name, file := range map[string][]byte{
		"only the mark of a jpeg": []byte("\xff\xd8\xff"),
		"jpeg and a pdf":          append([]byte("\xff\xd8\xff\xe0"), "%PDF-1.7"...),
		"jpeg with a png inside":  append([]byte("\xff\xd8\xff"), pngFile...),
		"only the mark of a png":  []byte(pngSignature),
		"png with a jpeg inside":  append([]byte(pngSignature), jpegFile...),
		"png without its header":  append([]byte(pngSignature), pngFile[len(pngSignature)+25:]...),
	} {
		t.Run(name, func(t *testing.T) { refused(t, file, Damaged) })
	}
}

func TestKindIsThatOfTheContent(t *testing.T) {
	for kind, file := range map[Kind][]byte{JPEG: cardJPEG(), PNG: cardPNG()} {
		if p := look(t, file); p.Kind != kind {
			t.Errorf("Kind = %q, want %q", p.Kind, kind)
		}
	}
}

func TestEveryRefusalIsListed(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "refusal.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []Refusal
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Refusal" {
			declared = append(declared, Refusal(strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`)))
		}
		return true
	})
	listed := Refusals()
	slices.Sort(declared)
	slices.Sort(listed)
	if len(declared) == 0 || !slices.Equal(declared, listed) {
		t.Errorf("Refusals() = %v, declared are %v", listed, declared)
	}
}

func TestRefusalSaysNothingOfTheCopy(t *testing.T) {
	file := []byte("BSN 123456782 van Jan Jansen")
	_, err := Inspect(t.Context(), bytes.NewReader(file), int64(len(file)))
	if err == nil || err.Error() != "the copy is refused: text" {
		t.Errorf("Inspect() = %v", err)
	}
	if _, ok := errors.AsType[Refusal](err); !ok {
		t.Errorf("%T is no Refusal", err)
	}
}
