// Reads a log with the note and tlog packages of the Go project, which share nothing with ours:
// verifies the checkpoint and its cosignature, reads every tile against the signed root, and checks
// that the leaf hashes on standard input (one a line, hexadecimal) are the log, in order.
//
// Usage: tlog <folder> <log key> <witness key> <proof file>
//
// The proof file holds lines "<index> <hash> <hash> ..." in hexadecimal: inclusion proofs of ours.
package main

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// tiles reads tiles of height 8 from files.
type tiles struct{ folder string }

func (t tiles) Height() int { return 8 }

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(asked []tlog.Tile) ([][]byte, error) {
	var read [][]byte
	for _, tile := range asked {
		// C2SP leaves out the height, which Go's own layout names first.
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(t.folder, path))
		if err != nil {
			return nil, err
		}
		read = append(read, data)
	}
	return read, nil
}

// cosigner verifies Ed25519 cosignatures, version 1.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(sig)
	signed := append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", at)), msg...)
	return ed25519.Verify(c.key, signed, sig[8:])
}

func newCosigner(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(strings.TrimSpace(vkey), "+", 3)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || key[0] != 4 {
		return nil, errors.New("no key of a cosigner")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	return cosigner{parts[0], binary.BigEndian.Uint32(sum[:]), key[1:]}, nil
}

func main() {
	if err := check(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func check(folder, logKey, witnessKey, proofs string) error {
	verifier, err := note.NewVerifier(logKey)
	if err != nil {
		return err
	}
	witness, err := newCosigner(witnessKey)
	if err != nil {
		return err
	}
	written, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return err
	}
	opened, err := note.Open(written, note.VerifierList(verifier, witness))
	if err != nil {
		return err
	}
	if len(opened.Sigs) != 2 {
		return errors.New("not signed by both")
	}
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return err
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return err
	}
	tree := tlog.Tree{N: size, Hash: root}
	reader := tlog.TileHashReader(tree, tiles{folder})
	leaves, err := hashes(size)
	if err != nil {
		return err
	}
	for at, leaf := range leaves {
		held, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, int64(at))})
		if err != nil {
			return err
		}
		if !bytes.Equal(held[0][:], leaf[:]) {
			return fmt.Errorf("another leaf at %d", at)
		}
	}
	for n := int64(1); n <= size; n += size/7 + 1 {
		older, err := tlog.TreeHash(n, reader)
		if err != nil {
			return err
		}
		proof, err := tlog.ProveTree(size, n, reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(proof, size, root, n, older); err != nil {
			return err
		}
	}
	checked, err := checkProofs(proofs, tree, leaves)
	if err != nil {
		return err
	}
	fmt.Printf("%d leaves, %d proofs\n", size, checked)
	return nil
}

func hashes(size int64) ([]tlog.Hash, error) {
	var leaves []tlog.Hash
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var leaf tlog.Hash
		if _, err := hex.Decode(leaf[:], lines.Bytes()); err != nil {
			return nil, err
		}
		leaves = append(leaves, leaf)
	}
	if int64(len(leaves)) != size {
		return nil, errors.New("another number of leaves")
	}
	return leaves, lines.Err()
}

func checkProofs(path string, tree tlog.Tree, leaves []tlog.Hash) (int, error) {
	written, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	checked := 0
	for _, line := range strings.Split(strings.TrimSpace(string(written)), "\n") {
		parts := strings.Fields(line)
		index, err := strconv.ParseInt(parts[0], 10, 64)
		if err != nil {
			return 0, err
		}
		var proof tlog.RecordProof
		for _, part := range parts[1:] {
			var one tlog.Hash
			if _, err := hex.Decode(one[:], []byte(part)); err != nil {
				return 0, err
			}
			proof = append(proof, one)
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaves[index]); err != nil {
			return 0, err
		}
		checked++
	}
	return checked, nil
}
