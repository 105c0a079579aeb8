package io.claviger.application.routing.port;

import io.claviger.application.gateway.port.AuthorizedCall;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks providers which models they offer, over the gateway's own outbound transport. */
public interface OfferSource {
  /** The greatest number of ids that are accepted from a provider. */
  int MOST = 10_000;

  /** The longest id of a model that is accepted, in characters. */
  int LONGEST = 256;

  /**
   * Fetches a provider's whole list, page by page, and blocks. The caller closes {@code call}
   * afterwards.
   *
   * <p>At most {@link #MOST} ids are accepted, of 1 to {@link #LONGEST} visible ASCII characters
   * each; all other ids are left out. An id is the name that requests use: in the format gemini it
   * does not have the prefix {@code models/}.
   *
   * @param call a call that is authorized for the operation that lists models
   * @param atMost the longest time that fetching all pages together may take
   * @return the list; empty when the provider returned no readable list, whatever the reason
   */
  Optional<List<String>> models(AuthorizedCall call, Duration atMost);
}
