package io.claviger.application.sharing.port;

import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.requests.BorrowRequest;
import java.util.List;
import java.util.Optional;

/** Finds and ends open requests to borrow a service. A request is granted by giving a share. */
public interface OpenRequests {
  /**
   * Finds the open requests that a user or the members of a group have made for a service. Until
   * the transaction ends, no other transaction can end these requests or add a request for the
   * service.
   */
  List<BorrowRequest> lockOpen(Instance.Id service, GranteeId askers);

  Optional<BorrowRequest> find(BorrowRequest.Id id);

  /** Records that an open request has ended. */
  void end(BorrowRequest request, User.Id author);
}
