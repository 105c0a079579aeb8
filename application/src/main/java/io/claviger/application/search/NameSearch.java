package io.claviger.application.search;

import io.claviger.application.search.port.NameQuery;
import io.claviger.application.search.port.NameStore;
import io.claviger.application.search.port.NameStore.Found;
import io.claviger.application.search.port.NameStore.Kind;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import java.util.List;
import java.util.Set;

/** Finds by their names what somebody may see. */
public interface NameSearch {
  static NameSearch of(NameStore names, AuditedChanges changes) {
    return new NameSearchUseCase(names, changes);
  }

  /**
   * Finds things whose handle begins with a text, or whose names have words that begin with those
   * of the text. It is never refused. Those who don't administrate Claviger find what their lists
   * show. If these have thousands of entries, they find all by the beginnings of the handles, and
   * by words only some.
   *
   * @param typed any text; only the first {@value NameQuery#LONGEST} characters count
   * @param each the most things of each kind, 1 or more
   */
  Answer find(Actor actor, String typed, int each);

  /**
   * What was found.
   *
   * @param found by kind, then with those first whose handles begin with the text, by name
   * @param more the kinds of which there is more
   * @param tooShort whether the text had too few letters and digits to search for
   */
  record Answer(List<Found> found, Set<Kind> more, boolean tooShort) {
    public Answer {
      found = List.copyOf(found);
      more = Set.copyOf(more);
    }
  }
}
