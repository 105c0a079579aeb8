/**
 * A project is a use of one instance under its own name. This package decides who may do what with
 * a project, and when a call through a project is allowed.
 */
package io.claviger.domain.projects;
