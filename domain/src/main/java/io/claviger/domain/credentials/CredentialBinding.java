package io.claviger.domain.credentials;

import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.standards.KeyPlacement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The values that determine where, and under which identity, a credential is used. A binding
 * consists of the service with its endpoint, its key placement and its sent settings, and of the
 * credential's kind with all its settings. A sealed secret can be opened only with the binding with
 * which it was sealed. For a credential without a secret, the owner's confirmation is bound in the
 * same way.
 *
 * @param service the id of the service
 */
public record CredentialBinding(
    UUID service,
    Endpoint endpoint,
    KeyPlacement placement,
    SentSettings sent,
    CredentialSettings settings) {

  /**
   * Returns the parts of the binding's canonical text. Different bindings never have equal parts.
   * Each setting's value is preceded by the setting's name. A setting that is sent with each call
   * is also preceded by a fixed word, which is not the name of any setting.
   */
  public List<String> parts() {
    List<String> parts = new ArrayList<>();
    parts.add(service.toString());
    parts.add(endpoint.scheme());
    parts.add(endpoint.host());
    parts.add(Integer.toString(endpoint.port()));
    parts.add(endpoint.path());
    parts.add(placement.method().wireName());
    parts.add(placement.field());
    parts.add(settings.kind().wireName());
    settings
        .values()
        .forEach(
            (field, value) -> {
              parts.add(field.wireName());
              parts.add(value);
            });
    sent.lines()
        .forEach(
            line -> {
              parts.add("sent with calls");
              parts.add(line);
            });
    return List.copyOf(parts);
  }
}
