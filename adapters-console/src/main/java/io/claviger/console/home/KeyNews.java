package io.claviger.console.home;

import io.claviger.application.rejectedkeys.RejectedKey;
import io.claviger.application.rejectedkeys.RejectedKeys;
import io.claviger.application.shared.Actor;
import io.claviger.console.page.ServiceAddress;
import java.util.ArrayList;
import java.util.List;

/** Tells those who can replace a key that the provider rejects it. */
final class KeyNews {
  /** The most rejected keys that are named. Of further ones only the number is shown. */
  private static final int NAMED = 10;

  private final RejectedKeys keys;

  KeyNews(RejectedKeys keys) {
    this.keys = keys;
  }

  List<HomeModel.PendingTask> of(Actor actor) {
    List<RejectedKey> rejected = keys.list(actor);
    List<HomeModel.PendingTask> named =
        new ArrayList<>(rejected.stream().limit(NAMED).map(KeyNews::need).toList());
    if (rejected.size() > NAMED) {
      String count = rejected.size() == RejectedKeys.MOST ? "Many" : rejected.size() - NAMED + "";
      named.add(new HomeModel.PendingTask(count + " more keys are rejected.", "/console/services"));
    }
    return named;
  }

  private static HomeModel.PendingTask need(RejectedKey key) {
    return new HomeModel.PendingTask(
        "The provider rejects "
            + (key.own() ? "your own key for " : "the key of ")
            + key.ref()
            + ". Replace the key; it is rejected since:",
        ServiceAddress.path(key.ref()) + (key.own() ? "#own-key" : "#key"),
        key.since().toString());
  }
}
