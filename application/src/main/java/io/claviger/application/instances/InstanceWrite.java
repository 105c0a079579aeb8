package io.claviger.application.instances;

import io.claviger.domain.Field;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.SettingsWrite;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.Secret;

/**
 * The fields of a write to an instance.
 *
 * @param apiKey absent keeps the stored key, null clears it, a value replaces it
 * @param customHeaders likewise, for all custom headers together
 */
public record InstanceWrite(
    Field<Definition.Ref> definition,
    SettingsWrite settings,
    Field<Secret> apiKey,
    Field<CustomHeaders> customHeaders) {}
