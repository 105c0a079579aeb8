package io.claviger.console.instances;

import io.claviger.application.instances.InstanceView;
import io.claviger.application.shared.Actor;
import io.claviger.console.page.Tab;
import java.util.List;

/**
 * The head of each view of a service: its name and state, the actions that the viewer can take, and
 * the tabs.
 *
 * @param version the version that the service had when the page was shown
 * @param rights the actions that the viewer may take on the service
 * @param tab the shown view of the service
 */
public record ServiceHead(ServiceLine line, long version, ServiceRights rights, ServiceTab tab) {
  public static ServiceHead of(Actor actor, InstanceView view, ServiceTab tab) {
    return new ServiceHead(
        ServiceLine.of(view), view.instance().version(), ServiceRights.of(actor, view), tab);
  }

  public String path() {
    return line.path();
  }

  /**
   * Whether to show the button *Connect*. The page to which the button leads does not show the
   * button.
   */
  public boolean offersConnect() {
    return rights.use() && tab != ServiceTab.CONNECT;
  }

  /**
   * Whether the first action in the head is the main action of the page. On pages with a form, the
   * form's button is the main action.
   */
  public boolean isMain() {
    return tab != ServiceTab.CONNECT && tab != ServiceTab.KEY && tab != ServiceTab.SETTINGS;
  }

  public List<Tab> tabs() {
    return ServiceTab.of(line.path(), rights, tab);
  }
}
