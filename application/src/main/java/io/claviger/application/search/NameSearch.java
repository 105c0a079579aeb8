package io.claviger.application.search;

import io.claviger.application.search.port.NameQuery;
import io.claviger.application.search.port.NameStore;
import io.claviger.application.search.port.NameStore.Found;
import io.claviger.application.search.port.NameStore.Kind;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import java.util.List;
import java.util.Set;

/**
 * Finds users, groups, services, projects and models by their names. The results contain only
 * entries that the searching user may see.
 */
public interface NameSearch {
  static NameSearch of(NameStore names, AuditedChanges changes) {
    return new NameSearchUseCase(names, changes);
  }

  /**
   * Finds the entries that match a text. An entry matches if its handle begins with the text, or if
   * each word of the text is the beginning of a word in the entry's names. This method is never
   * refused. Users who are not administrators find only entries of their own lists. In lists with
   * thousands of entries, a search for the beginning of a handle still finds all entries, but a
   * search for words might miss some entries.
   *
   * @param typed the typed text, of which only the first {@value NameQuery#LONGEST} characters are
   *     used
   * @param each the maximum number of entries of each kind, at least 1
   */
  Answer find(Actor actor, String typed, int each);

  /**
   * The result of a search.
   *
   * @param found the entries, ordered by kind. Within a kind, entries whose handles begin with the
   *     text come first, and all other entries follow; each of these groups is ordered by name
   * @param more the kinds of which more entries match than were returned
   * @param tooShort whether no search was made, because the text had too few letters and digits
   */
  record Answer(List<Found> found, Set<Kind> more, boolean tooShort) {
    public Answer {
      found = List.copyOf(found);
      more = Set.copyOf(more);
    }
  }
}
