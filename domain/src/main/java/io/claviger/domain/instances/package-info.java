/**
 * Instances: configured services, how a write changes them, and the destination their keys are
 * bound to. Secrets are not part of an instance; that one is stored is.
 */
@NullMarked
package io.claviger.domain.instances;

import org.jspecify.annotations.NullMarked;
