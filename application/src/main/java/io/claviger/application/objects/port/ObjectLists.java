package io.claviger.application.objects.port;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.ObjectList;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks providers which objects they hold, over the gateway's own outbound transport. */
public interface ObjectLists {
  /** The most ids that are taken from a provider. */
  int MOST = 10_000;

  /**
   * What a provider lists.
   *
   * @param ids in the form that the ledger uses, each once
   * @param isComplete whether these are all; a longer list is cut
   */
  record ProviderList(List<String> ids, boolean isComplete) {}

  /**
   * Reads a list, all pages of it, and blocks. The caller closes {@code call} afterwards.
   *
   * @param atMost how long all of it may take
   * @return empty if the provider returned no readable list, for any reason
   */
  Optional<ProviderList> read(AuthorizedCall call, ObjectList list, Duration atMost);
}
