package io.claviger.application.rejectedkeys.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import java.time.Instant;
import java.util.Optional;

/**
 * A key that a provider rejected, and with which no call has succeeded since.
 *
 * @param role the viewer's role by a share of their own, if they have one
 * @param own whether it is the viewer's own key for the service, and not the service's key
 * @param since when it was first rejected
 * @param last when it was last known to be rejected, to the minute
 * @param status the status of the provider's answer
 */
public record RejectedKey(
    Instance.Id service,
    Instance.Ref ref,
    User.Id owner,
    Optional<Role> role,
    boolean own,
    Instant since,
    Instant last,
    int status) {}
