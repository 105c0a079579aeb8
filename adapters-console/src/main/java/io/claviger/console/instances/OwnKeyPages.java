package io.claviger.console.instances;

import io.claviger.application.userkeys.UserKeys;
import io.claviger.application.userkeys.UserKeys.NewUserKey;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.ServiceAddress;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.keys.Secret;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.util.Optional;
import java.util.Set;

/**
 * One part of the page about a service's key. This part is about the viewer's own key for the
 * service.
 */
final class OwnKeyPages {
  private static final String OWN_KEY = "own_key";

  private final UserKeys userKeys;
  private final ServiceKeyPage page;

  /**
   * @param page the page about the service's key; the page is shown again if the form was refused
   */
  OwnKeyPages(UserKeys userKeys, ServiceKeyPage page) {
    this.userKeys = userKeys;
    this.page = page;
  }

  void addTo(Routes routes, Visitors visitors) {
    String path = ServiceAddress.PATTERN + "/own-key";
    routes.pageAt(path).openPost(visitors.signedIn(this::store));
    routes.pageAt(path + "/remove").openPost(visitors.signedIn(this::remove));
  }

  private void store(Visit visit) {
    page.submit(
        visit,
        Set.of(ServiceKeyPage.OWN_ENDPOINT),
        pointer -> pointer.equals("/api_key") ? OWN_KEY : FormState.fieldOf(pointer),
        form -> store(visit, new Fields(form)));
  }

  private void store(Visit visit, Fields fields) {
    Optional<Secret> key = fields.requiredApiKey(OWN_KEY, "Paste your own API key.");
    try {
      Optional<Endpoint> endpoint =
          fields.required(ServiceKeyPage.OWN_ENDPOINT, "Open the page again.", Endpoint::ofBaseUrl);
      NewUserKey wanted =
          fields.check(() -> new NewUserKey(key.orElseThrow(), endpoint.orElseThrow()));
      Problems.throwIfRefused(
          userKeys.save(visit.signedIn().actor(), ServiceAddress.of(visit), wanted));
    } finally {
      key.ifPresent(Secret::close);
    }
  }

  private void remove(Visit visit) {
    page.submit(
        visit,
        Set.of(),
        FormState::fieldOf,
        form -> {
          Problems.throwIfRefused(
              userKeys.delete(visit.signedIn().actor(), ServiceAddress.of(visit)));
        });
  }
}
