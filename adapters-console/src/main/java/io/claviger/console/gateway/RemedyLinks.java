package io.claviger.console.gateway;

import io.claviger.application.instances.InstanceView;
import io.claviger.application.shared.Actor;
import io.claviger.console.gateway.WhyPages.WhyView;
import io.claviger.console.page.Area;
import io.claviger.console.page.ServiceAddress;
import io.claviger.domain.policy.CallExplanation;
import io.claviger.domain.policy.CallExplanation.CallRule;
import io.claviger.domain.policy.KeyRule;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permission;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import org.jspecify.annotations.Nullable;

/**
 * Finds the page on which the viewer can change the settings that caused a refusal. There is a link
 * to this page only if the viewer may change these settings.
 */
final class RemedyLinks {
  private final Actor viewer;
  private final Relationship relationship;
  private final String service;

  RemedyLinks(Actor viewer, InstanceView view) {
    this.viewer = viewer;
    this.relationship =
        Relationship.of(
            viewer.id(),
            viewer.administrator(),
            view.instance().owner(),
            view.instance().audience(),
            view.role());
    this.service = ServiceAddress.path(view.instance().ref());
  }

  /**
   * Returns the page on which the viewer can change the settings that the rule checks; null if the
   * viewer can't change them.
   *
   * @param reason the reason why the rule refused the call
   */
  WhyView.@Nullable Remedy of(CallExplanation.Rule rule, String reason) {
    return switch (reason) {
      case "user_api_key_required" -> account("Store a key of your own");
      case "token_restricted" -> account("See your access tokens");
      case "storage_not_lent" -> link(Action.CONFIGURE, "Lend storage", service + "/settings");
      default ->
          switch (rule) {
            case KeyRule.USE -> link(Action.SHARE, "Lend the service", service + "/lend");
            case KeyRule.ENABLED -> link(Action.SWITCH, "Enable the service", service);
            case KeyRule.KEYLESS, KeyRule.CENTRAL_KEY, KeyRule.NOTHING_LEFT ->
                link(Action.SET_KEY, "Store a key", service);
            case CallRule.OPERATION, CallRule.MODEL, CallRule.RATE, CallRule.BUDGET ->
                link(Action.SHARE, "Change what is lent", service);
            case CallRule.PRICE -> link(Action.SET_PRICES, "Set a price", service + "/prices");
            case CallRule.DESTINATION -> link(Action.CONFIGURE, "Change the endpoint", service);
            case KeyRule.USER_KEY,
                KeyRule.FALLBACK,
                KeyRule.DEPLOYMENT_KEY,
                CallRule.USER_LIMITS,
                CallRule.CAPACITY,
                CallRule.TOKEN,
                CallRule.WEB_SOCKET,
                CallRule.OBJECT ->
                null;
          };
    };
  }

  private static WhyView.Remedy account(String label) {
    return new WhyView.Remedy(label, Area.ACCOUNT.path());
  }

  private WhyView.@Nullable Remedy link(Action action, String label, String path) {
    Permission permission = Permissions.may(relationship, action);
    boolean may =
        viewer.mayManage()
            && (permission == Permission.GRANTED || permission == Permission.WITHIN_OWN_BOUNDS);
    return may ? new WhyView.Remedy(label, path) : null;
  }
}
