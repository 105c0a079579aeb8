package io.claviger.application.standards;

import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.standards.port.ApiStandardStore;

/** Builds the use cases of API standards from what they need. */
public record StandardsModule(
    FindStandards findStandards, SaveStandard saveStandard, DeleteStandard deleteStandard) {

  public static StandardsModule of(ApiStandardStore standards, AuditedChanges attempts) {
    return new StandardsModule(
        new FindStandardsService(standards),
        new SaveStandardService(standards, attempts),
        new DeleteStandardService(standards, attempts));
  }
}
