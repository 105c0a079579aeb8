/**
 * Projects: named uses of exactly one instance, who may do what with them, and when a call through
 * one is allowed.
 */
@NullMarked
package io.claviger.domain.projects;

import org.jspecify.annotations.NullMarked;
