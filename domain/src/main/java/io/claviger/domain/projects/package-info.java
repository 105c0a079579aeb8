/**
 * Projects are named uses of one instance. This package decides who may do what with a project, and
 * when a call through one is allowed.
 */
@NullMarked
package io.claviger.domain.projects;

import org.jspecify.annotations.NullMarked;
