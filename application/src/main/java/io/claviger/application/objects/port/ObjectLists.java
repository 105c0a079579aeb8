package io.claviger.application.objects.port;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.ObjectList;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Reads providers' lists of the objects that they have, over the gateway's own outbound transport.
 */
public interface ObjectLists {
  /** The greatest number of ids that are read from a provider. */
  int MOST = 10_000;

  /**
   * The objects that a provider lists.
   *
   * @param ids the ids in the form that the ledger uses, each once
   * @param isComplete whether the list is complete; a longer list is cut
   */
  record ProviderList(List<String> ids, boolean isComplete) {}

  /**
   * Reads all pages of a list, and blocks. The caller closes {@code call} afterwards.
   *
   * @param atMost how long reading all pages may take
   * @return the list; empty if the provider returned no readable list, whatever the reason
   */
  Optional<ProviderList> read(AuthorizedCall call, ObjectList list, Duration atMost);
}
