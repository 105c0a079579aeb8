/**
 * Instances are configured LLM services. This package has their settings, the rules for writing
 * these settings, and the destinations to which their keys are bound. An instance contains no
 * secret; it only says whether a secret is stored.
 */
package io.claviger.domain.instances;
