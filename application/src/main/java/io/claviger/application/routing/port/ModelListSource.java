package io.claviger.application.routing.port;

import io.claviger.application.gateway.port.AuthorizedCall;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks providers for their lists of models, over the gateway's own outbound transport. */
public interface ModelListSource {
  /** The maximum number of accepted ids from a provider. */
  int MOST = 10_000;

  /** The maximum length of an accepted model id, in characters. */
  int LONGEST = 256;

  /**
   * Fetches a provider's complete list page by page. Blocks until this is done. The caller of this
   * method must close {@code call} afterwards.
   *
   * <p>Up to {@link #MOST} ids of 1 to {@link #LONGEST} visible ASCII characters are accepted.
   * Other ids are ignored. An id is the name that requests use. In the format {@code gemini}, the
   * id does not begin with {@code models/}.
   *
   * @param call a call that is authorized for the operation that lists models
   * @param atMost the timeout for all pages together
   * @return the list; empty if, for whatever reason, the provider did not return a list that can be
   *     read
   */
  Optional<List<String>> models(AuthorizedCall call, Duration atMost);
}
