/**
 * Instances are configured LLM services. This package contains the settings of instances, the rules
 * for writing these settings, and the destinations to which the keys of instances are bound. An
 * instance contains no secret; it only says whether a secret is stored.
 */
@NullMarked
package io.claviger.domain.instances;

import org.jspecify.annotations.NullMarked;
