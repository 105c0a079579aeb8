package io.claviger.application.rejectedkeys;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.AuthorizedCall.AuthorizationBasis;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.gateway.port.ProviderProbe;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Reports to {@link KeyVerdicts} which keys were accepted or rejected in connection checks, and
 * which services could not be reached.
 */
public final class NotedProbe implements ProviderProbe {
  private static final int UNAUTHORIZED = 401;

  private final ProviderProbe probe;
  private final KeyVerdicts verdicts;

  public NotedProbe(ProviderProbe probe, KeyVerdicts verdicts) {
    this.probe = probe;
    this.verdicts = verdicts;
  }

  @Override
  public CompletableFuture<Probed> probe(AuthorizedCall call, Duration limit) {
    AuthorizationBasis basis = call.basis();
    return probe
        .probe(call, limit)
        .thenApply(
            probed -> {
              note(basis, probed);
              return probed;
            });
  }

  private void note(AuthorizationBasis basis, Probed probed) {
    switch (probed.status()) {
      case UNREACHABLE, TIMEOUT -> verdicts.recordUnreachable(basis);
      case OK, UNAUTHORIZED, ERROR, NO_KEY -> verdicts.recordReached(basis);
    }
    if (probed.status() == ConnectionStatus.UNAUTHORIZED) {
      verdicts.recordRejected(basis, probed.httpStatus().orElse(UNAUTHORIZED));
    } else if (probed.status() == ConnectionStatus.OK) {
      verdicts.recordAccepted(basis);
    }
  }
}
