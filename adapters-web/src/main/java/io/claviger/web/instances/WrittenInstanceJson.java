package io.claviger.web.instances;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.OptionalInt;

/**
 * An LLM service just written.
 *
 * @param userKeysRemoved not shown where it is empty: the service did not move
 */
record WrittenInstanceJson(
    @JsonUnwrapped InstanceJson service,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalInt userKeysRemoved) {}
