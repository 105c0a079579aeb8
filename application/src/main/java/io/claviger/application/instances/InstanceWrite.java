package io.claviger.application.instances;

import io.claviger.domain.Field;
import io.claviger.domain.definitions.DefinitionRef;
import io.claviger.domain.instances.SettingsWrite;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.Secret;

/**
 * What somebody writes of an instance.
 *
 * @param apiKey absent keeps the stored key, null clears it, a value replaces it
 * @param customHeaders likewise, all of them together
 */
public record InstanceWrite(
    Field<DefinitionRef> definition,
    SettingsWrite settings,
    Field<Secret> apiKey,
    Field<CustomHeaders> customHeaders) {}
