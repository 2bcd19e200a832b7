package archive

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestName is how many bytes of a name are kept, and longestEnding how many
// of its ending. With the folders before it a path stays far below the 260
// characters of Windows.
const (
	longestName   = 100
	longestEnding = 12
)

// numbered gives a name that is safe and that no other file of the archive has,
// whatever its system thinks of capitals and accents. The number before it also
// keeps it from being a device of Windows, an option or a hidden file.
func numbered(n int, name string) string { return fmt.Sprintf("%03d-%s", n, safe(name)) }

// folder gives the name of the folder of a system, whose id is a plain word. A
// device of Windows is one in any folder, with any ending
// (learn.microsoft.com/windows/win32/fileio/naming-a-file).
func folder(system string) string {
	name := safe(system)
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch stem = strings.TrimRight(stem, "0123456789 "); stem {
	case "CON", "PRN", "AUX", "NUL", "COM", "LPT":
		return "_" + name
	}
	return name
}

// safe gives what is harmless of a name: its last part, without characters that
// readers do not see or that mean something to a file system.
func safe(name string) string {
	if at := strings.LastIndexAny(name, `/\`); at >= 0 {
		name = name[at+1:]
	}
	name = strings.Map(harmless, strings.ToValidUTF8(name, "_"))
	// Windows drops dots and spaces at the end of a name.
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". ")
	if name = shortened(name); name == "" {
		return "bestand"
	}
	return name
}

// harmless replaces or drops a character of a name.
func harmless(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case strings.ContainsRune(`<>:"|?*`, r): // not allowed by Windows either
		return '_'
	case !unicode.IsPrint(r): // controls, and what turns the direction of writing round
		return -1
	}
	return r
}

// shortened takes from the middle of a long name, so that its ending stays.
func shortened(name string) string {
	if len(name) <= longestName {
		return name
	}
	ending := ""
	if at := strings.LastIndexByte(name, '.'); at >= 0 && len(name)-at <= longestEnding {
		name, ending = name[:at], name[at:]
	}
	name = name[:longestName-len(ending)]
	for len(name) > 0 {
		if r, size := utf8.DecodeLastRuneInString(name); r != utf8.RuneError || size > 1 {
			break
		}
		name = name[:len(name)-1]
	}
	return strings.TrimRight(name, ". ") + ending
}
