package io.claviger.application.activity;

import io.claviger.application.activity.port.ActivityStore;
import io.claviger.application.activity.port.ActivityStore.Question;
import io.claviger.application.activity.port.ActivityStore.Seen;
import io.claviger.application.shared.Actor;
import io.claviger.domain.usage.ActivitySight;

/** What is used right now, on all nodes. */
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
   * Looks at the calls that run, and at those that ended within the last minute: callers see their
   * own, owners those to their services and projects, administrators all. An access token of scope
   * use shows one's own calls alone. All of it is a second or two old.
   *
   * @param limit the most accounts
   */
  Seen look(Actor actor, int limit);
}
