package io.claviger.application.builders;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Offers of a single service. */
public final class ATransfer {
  private ATransfer() {}

  /** An offer of the giver, in which the service gets another handle. */
  public static Transfer of(
      User giver, User receiver, Instance service, Handle handle, Instant offeredAt) {
    return Transfer.offered(
        new Transfer.Id(TestIds.next()),
        new Transfer.Party(giver.id(), giver.handle()),
        new Transfer.Party(receiver.id(), receiver.handle()),
        giver.handle(),
        List.of(
            new TransferItem(
                TransferItem.Kind.SERVICE,
                Optional.of(service.id().value()),
                service.ref().handle(),
                Optional.of(handle))),
        offeredAt);
  }
}
