package io.claviger.application.standards;

import io.claviger.application.shared.Attempts;
import io.claviger.application.standards.out.ApiStandards;

/** Builds the use cases of API standards from what they need. */
public record StandardsModule(
    FindStandards findStandards, SaveStandard saveStandard, DeleteStandard deleteStandard) {

  public static StandardsModule of(ApiStandards standards, Attempts attempts) {
    return new StandardsModule(
        new FindStandardsService(standards),
        new SaveStandardService(standards, attempts),
        new DeleteStandardService(standards, attempts));
  }
}
