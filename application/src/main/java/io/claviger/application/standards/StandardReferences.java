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
 * Finds the API standards that are named in writes, and locks each standard against changes until
 * the transaction ends.
 */
public final class StandardReferences {
  private final ApiStandardStore standards;

  public StandardReferences(ApiStandardStore standards) {
    this.standards = standards;
  }

  /**
   * Returns the wire format of the named standard. If there is no such standard, the result is
   * empty, and a fault is added.
   */
  public Optional<WireFormat> format(Field<Handle> named, List<Fault> faults) {
    return named.given().flatMap(handle -> held(handle, faults)).map(ApiStandard::format);
  }

  /**
   * Returns the named standard. If there is no such standard, the result is empty, and a fault is
   * added.
   */
  public Optional<ApiStandard> held(Handle handle, List<Fault> faults) {
    Optional<ApiStandard> standard = standards.hold(handle);
    if (standard.isEmpty()) {
      faults.add(Fault.unknownReference("api_standard", "API standard"));
    }
    return standard;
  }
}
