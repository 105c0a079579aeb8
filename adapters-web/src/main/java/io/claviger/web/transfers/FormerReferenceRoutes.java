package io.claviger.web.transfers;

import io.claviger.application.transfers.FormerReferences;
import io.claviger.domain.transfers.FormerReference;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;

/** The paths {@code former-references} of services and of projects. */
public final class FormerReferenceRoutes implements RouteGroup {
  private final FormerReferences references;

  public FormerReferenceRoutes(FormerReferences references) {
    this.references = references;
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .at("/v1/llm-services/{owner}/{handle}/former-references")
        .get(this::ofService)
        .delete(this::endOfService);
    routes
        .at("/v1/projects/{owner}/{handle}/former-references")
        .get(this::ofProject)
        .delete(this::endOfProject);
  }

  /** A former reference that still leads to the service or project. */
  record FormerReferenceJson(String owner, String handle, String ref, Instant until) {
    static FormerReferenceJson of(FormerReference former) {
      return new FormerReferenceJson(
          former.owner().value(),
          former.handle().value(),
          former.owner() + "/" + former.handle(),
          former.until());
    }
  }

  /**
   * The list of all former references of one service or project. An object has only a few former
   * references, so the list has no pages.
   */
  record FormerReferencesJson(List<FormerReferenceJson> formerReferences) {
    static FormerReferencesJson of(List<FormerReference> former) {
      return new FormerReferencesJson(former.stream().map(FormerReferenceJson::of).toList());
    }
  }

  private void ofService(ApiCall call) {
    call.ok(FormerReferencesJson.of(Problems.valueOf(references.of(call.actor(), call.service()))));
  }

  private void endOfService(ApiCall call) {
    Problems.throwIfRefused(references.end(call.actor(), call.service()));
    call.noContent();
  }

  private void ofProject(ApiCall call) {
    call.ok(FormerReferencesJson.of(Problems.valueOf(references.of(call.actor(), call.project()))));
  }

  private void endOfProject(ApiCall call) {
    Problems.throwIfRefused(references.end(call.actor(), call.project()));
    call.noContent();
  }
}
