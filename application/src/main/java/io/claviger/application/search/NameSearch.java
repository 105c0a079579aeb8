package io.claviger.application.search;

import io.claviger.application.search.port.NameQuery;
import io.claviger.application.search.port.NameStore;
import io.claviger.application.search.port.NameStore.Found;
import io.claviger.application.search.port.NameStore.Kind;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import java.util.List;
import java.util.Set;

/** Finds, by their names, the things that a user may see. */
public interface NameSearch {
  static NameSearch of(NameStore names, AuditedChanges changes) {
    return new NameSearchUseCase(names, changes);
  }

  /**
   * Finds things whose handle begins with a text, or whose names have words that begin with the
   * words of the text. Never refused. Users who are not administrators find only things that their
   * lists show. If these lists have thousands of entries, a search for the beginning of a handle
   * still finds everything, but a search for words may miss entries.
   *
   * @param typed any text; only the first {@value NameQuery#LONGEST} characters are read
   * @param each the greatest number of things of each kind, 1 or more
   */
  Answer find(Actor actor, String typed, int each);

  /**
   * What was found.
   *
   * @param found the things, ordered by kind. Within a kind, things whose handles begin with the
   *     text come first; both these things and the remaining things are ordered by name
   * @param more the kinds with more matching things than were returned
   * @param tooShort whether nothing was searched, because the text had too few letters and digits
   */
  record Answer(List<Found> found, Set<Kind> more, boolean tooShort) {
    public Answer {
      found = List.copyOf(found);
      more = Set.copyOf(more);
    }
  }
}
