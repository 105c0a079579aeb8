package io.claviger.application.builders;

import io.claviger.application.fakes.Seeds;
import io.claviger.domain.Description;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.RequestHeader;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import java.util.stream.Stream;

/** An API standard of the openai format with a bearer key, unless said otherwise. */
public final class AStandard {
  private final Handle handle;
  private Description description = Description.NONE;
  private WireFormat format = WireFormat.OPENAI;
  private KeyPlacement placement = KeyPlacement.BEARER;
  private List<RequestHeader> more = List.of();
  private long version = 1;

  private AStandard(String handle) {
    this.handle = new Handle(handle);
  }

  public static AStandard called(String handle) {
    return new AStandard(handle);
  }

  public AStandard description(String text) {
    this.description = new Description(text);
    return this;
  }

  public AStandard format(WireFormat given) {
    this.format = given;
    return this;
  }

  public AStandard placement(KeyPlacement given) {
    this.placement = given;
    return this;
  }

  /** Forwards headers in addition to the usual headers of the format. */
  public AStandard forwarding(String... headers) {
    this.more = Stream.of(headers).map(RequestHeader::new).toList();
    return this;
  }

  public AStandard version(long given) {
    this.version = given;
    return this;
  }

  public ApiStandard build() {
    return new ApiStandard(
        handle,
        description,
        format,
        placement,
        format.operations(),
        Stream.concat(format.requestHeaders().stream(), more.stream()).toList(),
        format.responseHeaders(),
        format.queryParameters(),
        version,
        Seeds.SEEDED_AT,
        Seeds.SEEDED_AT);
  }
}
