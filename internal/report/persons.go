package report

import (
	"fmt"

	"herald/internal/addr"
)

// Persons gives, for each of the drawn messages, by what its person is told from others: the key where people may be shown,
// else a number, which is the same in all that is made of a review.
func (r Review) Persons() []string {
	all := make([]string, len(r.Drawn))
	number, keys := map[string]int{}, map[string]string{} // of addresses: reading one is slow, and strangers write them
	for i, d := range r.Drawn {
		key, known := keys[d.Address]
		if !known {
			key = personOf(d.Address)
			keys[d.Address] = key
		}
		if number[key] == 0 {
			number[key] = len(number) + 1
		}
		if all[i] = key; !r.Contacts {
			all[i] = fmt.Sprintf("person %d", number[key])
		}
	}
	return all
}

// personOf gives the key of a send's address; what is no address stands for itself.
func personOf(address string) string {
	if s, err := addr.ParseSend(address); err == nil {
		return s.Key
	}
	return address
}
