package io.claviger.application.objects.port;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.ObjectList;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads the lists of objects from providers, over the gateway's own outbound transport. */
public interface ObjectLists {
  /** The maximum number of ids that are read from a provider. */
  int MOST = 10_000;

  /**
   * The objects that a provider lists.
   *
   * @param ids the ids in the form that the ledger uses, without duplicates
   * @param isComplete whether these are all ids; false if the provider's list was cut off
   */
  record ProviderList(List<String> ids, boolean isComplete) {}

  /**
   * Reads all pages of a list. Blocks until this is done. The caller of this method must close
   * {@code call} afterwards.
   *
   * @param most the maximum number of ids to read, at most {@link #MOST}
   * @param atMost the maximum time for reading all pages
   * @return the list; empty if, for whatever reason, the provider did not return a list that can be
   *     read
   */
  Optional<ProviderList> read(AuthorizedCall call, ObjectList list, int most, Duration atMost);
}
