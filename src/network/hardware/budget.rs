//! Budgets: limits of what the hardware of a network takes.

use std::collections::BTreeMap;
use std::fmt;

use super::error::HardwareError;
use super::plan::HardwarePlan;
use crate::unit::{Implementation, Target};

/// A resource that a budget limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    /// Multipliers of products of weights and codes.
    Multipliers,
    /// LUTs of the FPGA family, estimated.
    Luts,
    /// DSP blocks of the FPGA family, estimated.
    Dsps,
    /// Block RAMs of the FPGA family, estimated.
    Rams,
}

impl Resource {
    /// Option that limits it, without the dashes.
    pub fn option(self) -> &'static str {
        match self {
            Self::Multipliers => "multipliers",
            Self::Luts => "luts",
            Self::Dsps => "dsps",
            Self::Rams => "rams",
        }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Multipliers => "multipliers",
            Self::Luts => "LUTs",
            Self::Dsps => "DSP blocks",
            Self::Rams => "block RAMs",
        })
    }
}

/// Limits of resources.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Budget(BTreeMap<Resource, usize>);

impl Budget {
    /// The budget with one more limit.
    #[must_use]
    pub fn with(mut self, resource: Resource, most: usize) -> Self {
        self.0.insert(resource, most);
        self
    }

    /// Whether nothing is limited.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The options that state it, each after a space.
    pub(super) fn arguments(&self) -> String {
        self.0.iter().map(|(resource, most)| format!(" --{} {most}", resource.option())).collect()
    }

    /// Checks that the FPGA family is known if the budget has resources of a family.
    ///
    /// # Errors
    /// [`HardwareError::NoFamily`].
    pub(super) fn check(&self, implementation: Implementation) -> Result<(), HardwareError> {
        let estimated = self.0.keys().find(|resource| **resource != Resource::Multipliers);
        match estimated {
            Some(&resource) if implementation.target == Target::Generic => {
                Err(HardwareError::NoFamily { resource })
            }
            _ => Ok(()),
        }
    }

    /// The error for a plan that exceeds it.
    ///
    /// # Errors
    /// [`HardwareError::Budget`] for the first resource that does not suffice.
    pub(super) fn admits(
        &self,
        plan: &HardwarePlan,
        implementation: Implementation,
    ) -> Result<(), HardwareError> {
        let estimate = plan.estimate(implementation).unwrap_or_default();
        for (&resource, &asked) in &self.0 {
            let least = match resource {
                Resource::Multipliers => plan.multipliers(),
                Resource::Luts => estimate.luts,
                Resource::Dsps => estimate.dsps,
                Resource::Rams => estimate.rams,
            };
            if least > asked {
                return Err(HardwareError::Budget { resource, asked, least });
            }
        }
        Ok(())
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limits: Vec<String> =
            self.0.iter().map(|(resource, most)| format!("{most} {resource}")).collect();
        write!(f, "at most {} requested", limits.join(" and "))
    }
}
