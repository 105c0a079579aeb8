package io.claviger.application.standards;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.standards.ApiStandard;

final class FindStandardsService implements FindStandards {
  private final ApiStandardStore standards;

  FindStandardsService(ApiStandardStore standards) {
    this.standards = standards;
  }

  @Override
  public Outcome find(Actor actor, Handle handle) {
    return standards
        .find(handle)
        .<Outcome>map(Outcome.Found::new)
        .orElseGet(() -> new Outcome.Refused(new Refusal.NotFound()));
  }

  @Override
  public Page<ApiStandard, Handle> list(Actor actor, PageRequest<Handle> page) {
    return Page.of(
        standards.list(page.after(), page.limit() + 1), page.limit(), ApiStandard::handle);
  }
}
