/**
 * A project lets people use one instance under the name of the project. This package decides who
 * may do what with a project, and when a call through a project is allowed.
 */
@NullMarked
package io.claviger.domain.projects;

import org.jspecify.annotations.NullMarked;
