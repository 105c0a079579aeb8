package io.claviger.gateway.probe;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.objects.port.ObjectLists;
import io.claviger.domain.formats.ObjectList;
import io.claviger.domain.objects.ObjectName;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.Optional;

/** Requests the lists of stored objects from providers. */
public final class OutboundObjectLists implements ObjectLists {
  private static final int PAGE = 100;

  private final OutboundProbe probe;

  /**
   * @param probe the prober, whose event loop and connections are used
   */
  public OutboundObjectLists(OutboundProbe probe) {
    this.probe = probe;
  }

  @Override
  public Optional<ProviderList> read(
      AuthorizedCall call, ObjectList list, int most, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    return new ListReading(
            probe,
            list.shape(),
            query ->
                new ProbeRequest(
                    HttpMethod.GET,
                    list.path(),
                    query,
                    call.standard().format().api().storageHeaders()),
            PAGE,
            most,
            ObjectName.LONGEST)
        .read(call, end)
        .map(read -> new ProviderList(read.ids(), read.isComplete()));
  }
}
