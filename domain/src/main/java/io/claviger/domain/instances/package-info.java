/**
 * Instances are configured LLM services. This package has their settings, the rules for writing
 * them, and the destination that their keys are bound to. An instance contains no secret; it
 * contains only whether one is stored.
 */
package io.claviger.domain.instances;
