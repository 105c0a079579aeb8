package io.claviger.application.standards;

import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import java.util.Optional;

/**
 * Finds the API standards to which writes refer. Changes of each standard are prevented until the
 * transaction of the write ends.
 */
public final class StandardReferences {
  private final ApiStandardStore standards;

  public StandardReferences(ApiStandardStore standards) {
    this.standards = standards;
  }

  /**
   * Returns the wire format of the named standard; if there is no such standard, adds a fault and
   * returns empty.
   */
  public Optional<WireFormat> format(Field<Handle> named, List<Fault> faults) {
    return named.given().flatMap(handle -> held(handle, faults)).map(ApiStandard::format);
  }

  /** Returns the named standard. If there is no such standard, adds a fault and returns empty. */
  public Optional<ApiStandard> held(Handle handle, List<Fault> faults) {
    Optional<ApiStandard> standard = standards.hold(handle);
    if (standard.isEmpty()) {
      faults.add(Fault.unknownReference("api_standard", "API standard"));
    }
    return standard;
  }
}
