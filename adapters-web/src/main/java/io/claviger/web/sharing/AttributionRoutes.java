package io.claviger.web.sharing;

import io.claviger.application.sharing.CallerAttributions;
import io.claviger.application.sharing.port.AttributedUsers.AttributedUser;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.keys.CallerIdentifier;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.LocalDate;

/** {@code /v1/llm-services/{owner}/{handle}/attribution/{identifier}}. */
public final class AttributionRoutes implements RouteGroup {
  private final CallerAttributions attributions;

  public AttributionRoutes(CallerAttributions attributions) {
    this.attributions = attributions;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/llm-services/{owner}/{handle}/attribution/{identifier}").get(this::find);
  }

  private void find(ApiCall call) {
    CallerIdentifier identifier = identifier(call.text("identifier"));
    AttributedUser found =
        Problems.valueOf(attributions.find(call.actor(), call.service(), identifier));
    call.ok(AttributionJson.of(identifier, found));
  }

  /**
   * Returns the identifier of a caller. An invalid identifier belongs to nobody, so the answer is
   * 404.
   */
  private static CallerIdentifier identifier(String text) {
    try {
      return new CallerIdentifier(text);
    } catch (InvalidValue e) {
      throw new ProblemException(Problems.NOT_FOUND);
    }
  }

  record AttributionJson(String identifier, String user, LocalDate lastUsedOn) {
    static AttributionJson of(CallerIdentifier identifier, AttributedUser found) {
      return new AttributionJson(identifier.value(), found.handle().value(), found.lastUsed());
    }
  }
}
