package io.claviger.application.routing;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.routing.port.ModelListSource;
import io.claviger.application.routing.port.ModelListStore;
import io.claviger.application.routing.port.ModelListStore.ListOf;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.routing.ModelList;
import io.claviger.domain.usage.UsageAccount;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Asks a provider for its list of models, and stores the list. */
final class ListUpdate {
  private final ModelListStore lists;
  private final ModelListSource source;
  private final InstantSource clock;

  ListUpdate(ModelListStore lists, ModelListSource source, InstantSource clock) {
    this.lists = lists;
    this.source = source;
    this.clock = clock;
  }

  /**
   * Returns the list that a call fetches. The result is either the list for everybody or the list
   * for a certain user. A list that is fetched with a user's own key is only for this user.
   */
  static ListOf listOf(AuthorizedCall call) {
    UsageAccount account = call.basis().account();
    return new ListOf(
        account.instance(),
        call.source() == KeySource.USER ? Optional.of(account.user()) : Optional.empty());
  }

  /**
   * Asks the provider in an authorized call. Blocks until the provider has answered. Returns
   * whether a new list was stored.
   */
  boolean ask(AuthorizedCall call, Duration atMost) {
    Optional<List<String>> listed = source.models(call, atMost);
    ListOf of = listOf(call);
    Optional<Instant> keySetAt = call.basis().keySetAt();
    return listed.isPresent()
        && lists.save(of, call.endpoint(), keySetAt, ModelList.of(listed.get()), clock.instant());
  }
}
