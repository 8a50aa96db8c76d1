provider "avaamo" {} # ERROR: Not supported by this version
provider "maax" {} # ERROR: Not supported by this version
