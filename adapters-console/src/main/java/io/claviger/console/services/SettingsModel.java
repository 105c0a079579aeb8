package io.claviger.console.services;

import io.claviger.console.page.Difference;
import io.claviger.console.page.FormState;
import java.util.List;

/**
 * The page on which a service's settings are changed.
 *
 * @param path where the form is sent to
 * @param back the page of the service
 * @param hasKey whether a key is stored. A change of the endpoint then has to bring a key
 * @param differing what somebody else changed while the form was open
 */
public record SettingsModel(
    String path,
    String back,
    boolean hasKey,
    ServiceRights rights,
    FormState form,
    List<Difference> differing) {
  public SettingsModel {
    differing = List.copyOf(differing);
  }
}
