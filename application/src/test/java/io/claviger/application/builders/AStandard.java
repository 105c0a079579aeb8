package io.claviger.application.builders;

import io.claviger.application.fakes.Seeds;
import io.claviger.domain.Description;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.WireFormat;

/** An API standard of the openai format with a bearer key, unless said otherwise. */
public final class AStandard {
  private final Handle handle;
  private Description description = Description.NONE;
  private WireFormat format = WireFormat.OPENAI;
  private KeyPlacement placement = KeyPlacement.BEARER;
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
        format.requestHeaders(),
        format.responseHeaders(),
        format.queryParameters(),
        version,
        Seeds.SEEDED_AT,
        Seeds.SEEDED_AT);
  }
}
