package io.claviger.application.sharing.port;

import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.requests.BorrowRequest;
import java.util.List;
import java.util.Optional;

/** Finds and ends open requests to borrow. A request is granted by a share. */
public interface OpenRequests {
  /**
   * Finds the open requests for a service that a user, or the members of a group, have made. Until
   * the transaction ends, no other transaction can end one of these requests or add a request for
   * the service.
   */
  List<BorrowRequest> lockOpen(Instance.Id service, GranteeId askers);

  Optional<BorrowRequest> find(BorrowRequest.Id id);

  /** Stores the end of a request that was open. */
  void end(BorrowRequest request, User.Id author);
}
