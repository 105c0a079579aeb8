package io.claviger.web.sharing;

import io.claviger.application.shared.PageRequest;
import io.claviger.application.sharing.Sharing;
import io.claviger.application.sharing.port.AccessHistory.Access;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.web.json.Times;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code /v1/llm-services/{owner}/{handle}/access}, which lists who could use the service on a
 * given day. {@code holders} is the same list under another name.
 */
public final class AccessRoutes implements RouteGroup {
  /** The position in a list of ways in which users could use a service. */
  public static final CursorFormat<List<String>> POSITION =
      CursorFormat.texts(Access.POSITION_PARTS, at -> UUID.fromString(at.getLast()));

  private final Sharing sharing;

  public AccessRoutes(Sharing sharing) {
    this.sharing = sharing;
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .at("/v1/llm-services/{owner}/{handle}/access")
        .get(call -> list(call, "day"), "day", "limit", "cursor");
    routes
        .at("/v1/llm-services/{owner}/{handle}/holders")
        .get(call -> list(call, "at"), "at", "limit", "cursor");
  }

  private void list(ApiCall call, String parameter) {
    Instance.Ref service = call.service();
    Optional<LocalDate> day = call.query().value(parameter, Times.dayOf(parameter));
    PageRequest<List<String>> page = call.page(POSITION);
    Sharing.AccessOnDay found;
    try {
      found = Problems.valueOf(sharing.accessOn(call.actor(), service, day, page));
    } catch (InvalidValue e) {
      // The use case calls the day by another name than the route of holders.
      throw new InvalidValue(parameter, e.allowed());
    }
    call.list(found.page(), POSITION, AccessJson::of, Map.of("known_since", found.knownSince()));
  }

  /** One way in which a user could use a service. */
  record AccessJson(
      Optional<String> user,
      String way,
      String role,
      Optional<String> group,
      Optional<String> project,
      UUID serviceId,
      Instant since,
      Optional<Instant> until) {
    static AccessJson of(Access access) {
      return new AccessJson(
          access.user().map(Handle::value),
          access.way(),
          access.role(),
          access.group().map(GranteeName::toString),
          access.project().map(Project.Ref::toString),
          access.service().value(),
          access.since(),
          access.until());
    }
  }
}
