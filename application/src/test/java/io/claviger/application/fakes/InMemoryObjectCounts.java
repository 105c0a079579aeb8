package io.claviger.application.fakes;

import io.claviger.application.shared.port.CountedKind;
import io.claviger.application.shared.port.ObjectCounts;
import io.claviger.domain.accounts.User;
import io.claviger.domain.transfers.TransferState;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@link ObjectCounts} in memory. */
public final class InMemoryObjectCounts implements ObjectCounts {
  private final InMemoryTransactions transactions;

  public InMemoryObjectCounts(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public int lockAndCount(User.Id user, CountedKind kind, int added, int most) {
    return transactions.read(
        t -> (int) owners(t, kind).filter(user::equals).limit(most + 1L).count());
  }

  private static Stream<User.Id> owners(Tables t, CountedKind kind) {
    return switch (kind) {
      case TOKEN -> t.tokens.values().stream().map(stored -> stored.token().user());
      case SERVICE -> t.instances.values().stream().map(stored -> stored.instance().owner());
      case DEFINITION -> t.definitions.values().stream().map(definition -> definition.owner());
      case PROJECT -> t.projects.values().stream().map(project -> project.owner());
      case SHARE ->
          Stream.of(givers(t.shares), givers(t.definitionShares), givers(t.projectShares))
              .flatMap(givers -> givers);
      case TRANSFER ->
          t.transfers.values().stream()
              .filter(transfer -> transfer.state() == TransferState.OFFERED)
              .map(transfer -> transfer.from().id());
      case USER_KEY -> t.userKeys.keySet().stream().map(at -> at.user());
    };
  }

  private static <I> Stream<User.Id> givers(Map<Tables.ShareKey<I>, Tables.StoredShare> shares) {
    return shares.values().stream().map(Tables.StoredShare::givenBy).flatMap(Optional::stream);
  }
}
