package io.claviger.application.activity;

import io.claviger.application.activity.port.ActivityStore;
import io.claviger.application.activity.port.ActivityStore.Question;
import io.claviger.application.activity.port.ActivityStore.Seen;
import io.claviger.application.shared.Actor;
import io.claviger.domain.usage.ActivitySight;

/** Shows which calls run right now, on all nodes. */
@FunctionalInterface
public interface CurrentActivity {
  static CurrentActivity of(ActivityStore store) {
    return (actor, limit) ->
        store.look(
            new Question(
                actor.id(),
                ActivitySight.of(actor.administrator(), actor.mayManage()),
                actor.sight().only()),
            limit);
  }

  /**
   * Returns how many calls run now, and how much the calls of the last minute used. Callers see
   * their own calls. Owners see the calls to their services and projects. Administrators see all
   * calls. With an access token that has the scope {@code use}, actors see only their own calls.
   * The numbers are one or two seconds old.
   *
   * @param limit the maximum number of accounts
   */
  Seen look(Actor actor, int limit);
}
