package io.claviger.application.search;

import io.claviger.application.search.port.NameQuery;
import io.claviger.application.search.port.NameStore;
import io.claviger.application.search.port.NameStore.Found;
import io.claviger.application.search.port.NameStore.Kind;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Sight;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

final class NameSearchUseCase implements NameSearch {
  private final NameStore names;
  private final AuditedChanges changes;

  NameSearchUseCase(NameStore names, AuditedChanges changes) {
    this.names = names;
    this.changes = changes;
  }

  @Override
  public Answer find(Actor actor, String typed, int each) {
    Optional<NameQuery> query = NameQuery.of(typed);
    List<Found> found = new ArrayList<>();
    Set<Kind> more = EnumSet.noneOf(Kind.class);
    query.ifPresent(
        sought -> {
          for (Kind kind : searched(actor, sought)) {
            List<Found> some = names.find(kind, actor.sight(), sought, changes.now(), each + 1);
            found.addAll(some.subList(0, Math.min(each, some.size())));
            if (some.size() > each) {
              more.add(kind);
            }
          }
        });
    return new Answer(found, more, query.isEmpty());
  }

  /**
   * Returns the kinds of entries to search. With a token of scope {@code use}, or a token that is
   * restricted to a service or project, neither people nor groups are searched.
   */
  private static Set<Kind> searched(Actor actor, NameQuery query) {
    Set<Kind> kinds =
        query.owner().isPresent()
            ? EnumSet.of(Kind.SERVICE, Kind.PROJECT)
            : EnumSet.allOf(Kind.class);
    Sight sight = actor.sight();
    if (!actor.mayManage() || sight.only().isPresent()) {
      kinds.remove(Kind.PERSON);
      kinds.remove(Kind.GROUP);
    }
    if (sight.only().isPresent()) {
      kinds.remove(Kind.MODEL);
    }
    return kinds;
  }
}
